//! Files in, files out: uploads, originals, renditions, links, archives, trash.

mod archive;
mod content;
mod edits;
mod hostile;
mod intake;
mod library;
mod links;
mod presigned;
mod sidecars;
mod steps;
mod timeline;
mod versions;
