import { svg } from '../html.js';

const icon = (content) => svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${content}</svg>`;

/** Line drawings of 24 × 24 in the colour of the text. */
export const icons = {
  home: icon(svg`<path d="M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z"/>`),
  browse: icon(svg`<path d="M4 9h16v10a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 9l1.5-5h13L20 9M4 9a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0A2.7 2.7 0 0 0 20 9"/>`),
  search: icon(svg`<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`),
  cart: icon(svg`<path d="M3 10h18l-2 9.2a1 1 0 0 1-1 .8H6a1 1 0 0 1-1-.8zM8 10l3-6M16 10l-3-6M9.5 13.5v3M14.5 13.5v3"/>`),
  orders: icon(svg`<path d="M6 3.5h12V21l-3-2-3 2-3-2-3 2zM9 8.5h6M9 12.5h6"/>`),
  person: icon(svg`<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c1-4 4-5.5 7.5-5.5s6.500 1.500 7.500 5.500"/>`),
  sun: icon(svg`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M5.600 18.400 7 17M17 7l1.400-1.400"/>`),
  moon: icon(svg`<path d="M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z"/>`),
  halfMoon: icon(svg`<circle cx="12" cy="12" r="8"/><path d="M12 4v16a8 8 0 0 0 0-16z" fill="currentColor"/>`),
  plus: icon(svg`<path d="M12 5v14M5 12h14"/>`),
  minus: icon(svg`<path d="M5 12h14"/>`),
  cross: icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`),
  check: icon(svg`<path d="m5 12.500 4.500 4.500L19 7.500"/>`),
  back: icon(svg`<path d="M19 12H5M11 6l-6 6 6 6"/>`),
  onward: icon(svg`<path d="M5 12h14M13 6l6 6-6 6"/>`),
  lock: icon(svg`<rect x="5" y="10.500" width="14" height="10" rx="2"/><path d="M8 10.500V8a4 4 0 0 1 8 0v2.500"/>`),
  warning: icon(svg`<path d="M12 4 2.800 20h18.400zM12 10v4.500M12 17.300v.2"/>`),
};
