/** Says something to people who listen to the page; the text is not seen. */
export function announce(text) {
  const region = document.getElementById('announcer');
  if (!region) return;
  // The same sentence twice is said twice only if the region was empty in between.
  region.textContent = '';
  setTimeout(() => (region.textContent = text), 50);
}
