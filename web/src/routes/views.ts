// The views that are not part of the first load. Each import is a file of its own in the build.

export const collection = () => import('./Collection.svelte');
export const collections = () => import('./Collections.svelte');
export const shared = () => import('./Shared.svelte');
export const settings = () => import('./Settings.svelte');
export const visit = () => import('./Visit.svelte');
export const join = () => import('./Join.svelte');
export const admin = () => import('./Admin.svelte');
export const importing = () => import('./Import.svelte');
