import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { i18n } from '$lib/i18n/i18n.svelte';
import { startWorker } from '$lib/offline';
import { theme } from '$lib/theme.svelte';

theme.start();
i18n.start();

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
mount(App, { target });

// Without it everything works but offline.
startWorker().catch((error: unknown) => console.warn(error));
