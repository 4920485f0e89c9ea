// The API reference at /api/docs: a page of its own, so that the library never loads it.

import '../styles/base.css';
import { mount } from 'svelte';
import { theme } from '$lib/theme.svelte';
import Reference from './Reference.svelte';

theme.start();

const target = document.getElementById('app');
if (!target) throw new Error('docs.html has no #app');
mount(Reference, { target });
