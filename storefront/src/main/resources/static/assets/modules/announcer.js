/** Announces a text to screen readers; it is not visible. */
export function announce(text) {
  const region = document.getElementById('announcer');
  if (!region) return;
  // Screen readers repeat the same sentence only if the region was empty in between.
  region.textContent = '';
  setTimeout(() => (region.textContent = text), 50);
}
