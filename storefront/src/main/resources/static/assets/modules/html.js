/** The only module that imports the template library (lit-html, unpacked from its WebJar by the build). */
export { html, svg, render, nothing } from '/assets/vendor/lit-html/lit-html.js';
export { repeat } from '/assets/vendor/lit-html/directives/repeat.js';
export { live } from '/assets/vendor/lit-html/directives/live.js';
