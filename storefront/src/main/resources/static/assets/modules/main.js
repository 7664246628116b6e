import { startLanguage } from './language.js';
import { session } from './state/session.js';

/** Loads the texts first, since every page needs them, and the session concurrently. */
async function start() {
  session.refresh();
  await startLanguage();
  await import('./components/shell.js');
}

start().catch((error) => {
  console.error(error);
  const sorry = document.createElement('p');
  sorry.className = 'container';
  sorry.textContent = 'Feira could not start. Please reload the page. · A Feira não arrancou. Recarregue a página.';
  document.body.append(sorry);
});
