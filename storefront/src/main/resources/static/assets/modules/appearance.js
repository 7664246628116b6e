// Runs before the first paint, so that no wrong theme or language flashes. A classic script, because modules are deferred.
(() => {
  const root = document.documentElement;
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be blocked; the shop works without it
    }
  };
  const theme = stored('feira.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const language = stored('feira.language') ?? navigator.language.slice(0, 2);
  root.lang = language === 'pt' ? 'pt' : 'en';
})();
