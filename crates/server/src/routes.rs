//! Every route, in groups of who may call it: one flat list.
//!
//! The group's guard runs before a handler sees the request, so a route cannot forget to ask; the
//! verbs behind ask again, because other transports call them too. [`table`] is the same list as
//! data, for the test that tries every route as everybody.

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use domain::Permission;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::frame::{Frame, guard};
use crate::http::{
    archives, assets, audit, auth, collections, events, export, folders, health, imports,
    invitations, jobs, library, me, metrics, notifications, people, roles, shares, system,
    timeline, tus, uploads, users, visit,
};
use crate::{openapi, web};

pub use crate::frame::Access;

/// What all routes of the API begin with.
pub const PREFIX: &str = "/api/v1";

/// Largest list of the files of an export with their JSON, in bytes.
const MAX_EXPORT_LISTING: usize = 32 << 20;

type Group = OpenApiRouter<App>;

/// One route and who may call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST`, …; a `GET` also answers `HEAD`.
    pub method: &'static str,
    /// With parameters in braces: `/api/v1/assets/{id}`.
    pub path: String,
    /// Who may call it.
    pub access: Access,
}

/// The routes of the API, under [`PREFIX`].
fn api() -> Vec<(Access, Group)> {
    vec![
        (
            Access::Public,
            Group::new()
                .routes(routes!(auth::state::state))
                .routes(routes!(auth::register::register))
                .routes(routes!(auth::invitation::invitation))
                .routes(routes!(auth::login::login))
                .routes(routes!(auth::refresh::refresh))
                .routes(routes!(auth::verify::verify))
                .routes(routes!(auth::logout::logout)),
        ),
        (
            // Whoever has the address, which the verbs check, and the password.
            Access::Public,
            Group::new()
                .routes(routes!(visit::describe::describe))
                .routes(routes!(visit::open::open))
                .routes(routes!(visit::assets::list))
                .routes(routes!(visit::assets::get))
                .routes(routes!(visit::rendition::rendition))
                .routes(routes!(visit::content::content))
                .routes(routes!(visit::archive::create)),
        ),
        (
            Access::SignedIn,
            Group::new()
                .routes(routes!(me::show::show))
                .routes(routes!(me::keys::list::list))
                .routes(routes!(me::sessions::list::list))
                .routes(routes!(notifications::list::list))
                .routes(routes!(notifications::read::read))
                // Everybody may leave; to show others out takes more, which the verb asks for.
                .routes(routes!(collections::members::remove)),
        ),
        (
            Access::InPerson,
            Group::new()
                .routes(routes!(me::update::update))
                .routes(routes!(me::password::password))
                .routes(routes!(me::keys::create::create))
                .routes(routes!(me::keys::delete::delete))
                .routes(routes!(me::sessions::delete::delete)),
        ),
        (
            Access::Needs(Permission::AssetsRead),
            Group::new()
                .routes(routes!(me::usage::usage))
                .routes(routes!(assets::list::list))
                .routes(routes!(assets::check::check))
                .routes(routes!(assets::get::get))
                .routes(routes!(assets::steps::list))
                .routes(routes!(assets::revisions::list))
                .routes(routes!(assets::versions::list))
                .routes(routes!(assets::versions::content))
                .routes(routes!(library::tags::tags))
                .routes(routes!(library::facets::facets))
                .routes(routes!(timeline::buckets::buckets))
                .routes(routes!(timeline::tiles::tiles))
                .routes(routes!(archives::create::create))
                .routes(routes!(assets::xmp::xmp))
                .routes(routes!(assets::files::files))
                .routes(routes!(assets::places::places))
                .routes(routes!(export::export))
                .routes(routes!(export::assets::assets))
                .routes(routes!(export::collections::collections))
                .routes(routes!(events::stream::stream)),
        ),
        (
            Access::Needs(Permission::AssetsRead),
            Group::new()
                .routes(routes!(collections::list::list))
                .routes(routes!(collections::get::get))
                .routes(routes!(collections::members::list)),
        ),
        (
            Access::Needs(Permission::CollectionsManage),
            Group::new()
                .routes(routes!(collections::create::create))
                .routes(routes!(collections::patch::patch))
                .routes(routes!(collections::delete::delete))
                .routes(routes!(collections::assets::add))
                .routes(routes!(collections::assets::remove)),
        ),
        (
            Access::Needs(Permission::AssetsWrite),
            Group::new()
                .routes(routes!(assets::patch::patch))
                .routes(routes!(assets::revisions::undo))
                .routes(routes!(assets::versions::rollback))
                .routes(routes!(assets::bulk::bulk))
                .routes(routes!(assets::bulk::undo))
                .routes(routes!(assets::steps::retry))
                .routes(routes!(assets::steps::cancel))
                .routes(routes!(uploads::create::create))
                .routes(routes!(uploads::get::get)),
        ),
        (
            Access::Needs(Permission::AssetsWrite),
            unlimited(
                Group::new()
                    .routes(routes!(assets::create::create))
                    .routes(routes!(assets::attach::attach))
                    .routes(routes!(assets::versions::create)),
            ),
        ),
        (
            Access::Needs(Permission::AssetsWrite),
            resumable(
                Group::new()
                    .routes(routes!(tus::list::list))
                    .routes(routes!(tus::create::create))
                    .routes(routes!(tus::show::show))
                    .routes(routes!(tus::patch::patch))
                    .routes(routes!(tus::delete::delete))
                    .routes(routes!(tus::method::stand_in)),
            ),
        ),
        (
            Access::Needs(Permission::AssetsWrite),
            at_most(
                MAX_EXPORT_LISTING,
                Group::new().routes(routes!(imports::plan::plan)),
            ),
        ),
        (
            Access::Needs(Permission::AssetsDelete),
            Group::new()
                .routes(routes!(assets::delete::delete))
                .routes(routes!(assets::restore::restore))
                .routes(routes!(library::empty_trash::empty_trash)),
        ),
        (
            Access::Needs(Permission::AssetsShare),
            Group::new()
                .routes(routes!(assets::url::url))
                .routes(routes!(collections::members::add))
                .routes(routes!(collections::members::set))
                .routes(routes!(people::search::search))
                .routes(routes!(shares::list::list))
                .routes(routes!(shares::create::create))
                .routes(routes!(shares::get::get))
                .routes(routes!(shares::patch::patch))
                .routes(routes!(shares::delete::delete))
                .routes(routes!(shares::visits::list)),
        ),
        (
            Access::Signed(Permission::AssetsRead),
            Group::new()
                .routes(routes!(assets::content::content))
                .routes(routes!(assets::rendition::rendition)),
        ),
        (
            Access::SignedOnly,
            unlimited(Group::new().routes(routes!(uploads::put::put))),
        ),
        (
            Access::Needs(Permission::UsersManage),
            Group::new()
                .routes(routes!(users::list::list))
                .routes(routes!(users::get::get))
                .routes(routes!(invitations::list::list)),
        ),
        (
            Access::InPersonWith(Permission::UsersManage),
            Group::new()
                .routes(routes!(users::create::create))
                .routes(routes!(users::patch::patch))
                .routes(routes!(users::delete::delete))
                .routes(routes!(users::reset_password::reset_password))
                .routes(routes!(invitations::create::create))
                .routes(routes!(invitations::delete::delete)),
        ),
        (
            Access::Needs(Permission::RolesManage),
            Group::new().routes(routes!(roles::list::list)),
        ),
        (
            Access::InPersonWith(Permission::RolesManage),
            Group::new()
                .routes(routes!(roles::create::create))
                .routes(routes!(roles::patch::patch))
                .routes(routes!(roles::delete::delete)),
        ),
        (
            Access::Needs(Permission::AuditRead),
            Group::new()
                .routes(routes!(audit::list::list))
                .routes(routes!(audit::verification::verify)),
        ),
        (
            Access::Needs(Permission::JobsManage),
            Group::new()
                .routes(routes!(jobs::list::list))
                .routes(routes!(jobs::pause::pause))
                .routes(routes!(jobs::resume::resume))
                .routes(routes!(jobs::retry_all::retry_all))
                .routes(routes!(jobs::change::retry))
                .routes(routes!(jobs::change::cancel)),
        ),
        (
            Access::Needs(Permission::SystemMaintain),
            Group::new()
                .routes(routes!(system::recovery_key_status::recovery_key_status))
                .routes(routes!(system::recovery_key_saved::recovery_key_saved))
                .routes(routes!(system::settings::show::show))
                .routes(routes!(system::settings::patch::patch))
                .routes(routes!(system::storage::storage))
                .routes(routes!(system::integrity::show::show))
                .routes(routes!(system::integrity::findings::findings))
                .routes(routes!(system::integrity::repair::repair))
                .routes(routes!(system::integrity::verify::start))
                .routes(routes!(system::integrity::verify::cancel))
                .routes(routes!(folders::list::list))
                .routes(routes!(folders::get::get))
                .routes(routes!(folders::files::files))
                .routes(routes!(folders::scan::scan)),
        ),
        (
            // It makes files of the machine readable.
            Access::InPersonWith(Permission::SystemMaintain),
            Group::new()
                .routes(routes!(folders::create::create))
                .routes(routes!(folders::delete::delete)),
        ),
    ]
}

/// Takes the limit on bodies off routes that stream them: the verb counts the bytes itself.
fn unlimited(group: Group) -> Group {
    group.layer(DefaultBodyLimit::disable())
}

/// Routes of the tus protocol, which has a version.
fn resumable(group: Group) -> Group {
    unlimited(group).layer(from_fn(tus::version::speak))
}

/// Sets the limit on bodies of routes that need more than a JSON body usually may have.
fn at_most(bytes: usize, group: Group) -> Group {
    group.layer(DefaultBodyLimit::max(bytes))
}

/// The routes outside of the API.
fn probes() -> Vec<(Access, Group)> {
    let public = Group::new()
        .routes(routes!(health::summary))
        .routes(routes!(health::live))
        .routes(routes!(health::ready));
    let operators = Group::new()
        .routes(routes!(health::detailed))
        .routes(routes!(metrics::metrics));
    vec![
        (Access::Public, public),
        (Access::LoopbackOr(Permission::SystemMaintain), operators),
    ]
}

fn groups() -> Vec<(Access, Group)> {
    let api = api()
        .into_iter()
        .map(|(access, group)| (access, Group::new().nest(PREFIX, group)));
    api.chain(probes()).collect()
}

/// The whole HTTP interface.
pub fn router(app: App) -> Router {
    let frame = Frame::of(&app);
    let mut all = Router::new();
    for (access, group) in groups() {
        let (routes, _) = group.split_for_parts();
        let guard = from_fn_with_state((frame.clone(), access), guard);
        all = all.merge(routes.route_layer(guard));
    }
    let all = all
        .route(&format!("{PREFIX}/openapi.json"), openapi::route())
        .route(&format!("{PREFIX}/uploads/tus"), tus::discover::route())
        .route(
            &format!("{PREFIX}/uploads/tus/{{id}}"),
            tus::discover::route(),
        )
        .fallback(web::serve)
        .with_state(app);
    frame.wrap(all)
}

/// The described routes with who may call them.
pub(crate) fn described() -> Vec<(Access, OpenApi)> {
    groups()
        .into_iter()
        .map(|(access, group)| (access, group.into_openapi()))
        .collect()
}

/// Every route as data.
pub fn table() -> Vec<Route> {
    let mut table = Vec::new();
    for (access, api) in described() {
        for (path, mut item) in api.paths.paths {
            for (method, operation) in operations(&mut item) {
                if operation.is_some() {
                    let path = path.clone();
                    table.push(Route {
                        method,
                        path,
                        access,
                    });
                }
            }
        }
    }
    table
}

/// The operations of a path by method.
pub(crate) fn operations(item: &mut PathItem) -> [(&'static str, &mut Option<Operation>); 5] {
    [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ]
}
