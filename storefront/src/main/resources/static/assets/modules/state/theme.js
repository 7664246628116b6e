import { Store } from '../store.js';

/** `auto` (as the device), `light` or `dark`. */
export const theme = new Store(document.documentElement.dataset.theme ?? 'auto');

export function wear(choice) {
  if (choice === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  try {
    if (choice === 'auto') localStorage.removeItem('feira.theme');
    else localStorage.setItem('feira.theme', choice);
  } catch {
    // kept for this visit only
  }
  theme.set(choice);
}
