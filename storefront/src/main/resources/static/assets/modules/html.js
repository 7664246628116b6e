/** The only module that imports the template library (lit-html, unpacked from its WebJar by the build). */
export { html, svg, render, nothing } from '../vendor/lit-html/lit-html.js';
export { repeat } from '../vendor/lit-html/directives/repeat.js';
export { live } from '../vendor/lit-html/directives/live.js';
