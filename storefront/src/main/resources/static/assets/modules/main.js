import { startLanguage } from './language.js';
import { session } from './state/session.js';

/** Loads the texts first, since every page needs them, and the session concurrently. */
async function start() {
  const asked = session.refresh();
  await startLanguage();
  const comeBackTo = session.takeComeBackTo();
  if (comeBackTo && ((await asked).authenticated || session.problem)) history.replaceState(null, '', comeBackTo);
  await import('./components/shell.js');
}

start().catch((error) => {
  console.error(error);
  const sorry = document.createElement('p');
  sorry.className = 'container';
  sorry.textContent = 'Feira could not start. Please reload the page. · A Feira não arrancou. Recarregue a página.';
  document.body.append(sorry);
});
