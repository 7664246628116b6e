/** All pages: URL, module, role. The last one is for all other URLs. */
export const routes = [
  { pattern: /^\/$/, load: () => import('./pages/home.js') },
  { pattern: /^\/browse$/, load: () => import('./pages/browse.js') },
  { pattern: /^\/products\/(?<sku>[^/]+)$/, load: () => import('./pages/product.js') },
  { pattern: /^\/cart$/, load: () => import('./pages/cart.js') },
  { pattern: /^\/checkout$/, load: () => import('./pages/checkout.js'), requires: 'person' },
  { pattern: /^\/orders$/, load: () => import('./pages/orders.js'), requires: 'person' },
  { pattern: /^\/orders\/(?<id>[^/]+)$/, load: () => import('./pages/order.js'), requires: 'person' },
  { pattern: /^\/orders\/(?<id>[^/]+)\/explanation$/, load: () => import('./pages/explanation.js'), requires: 'person' },
  { pattern: /^\/account$/, load: () => import('./pages/account.js'), requires: 'person' },
  { pattern: /^\/sign-in$/, load: () => import('./pages/sign-in.js') },
  { pattern: /^\/sign-up$/, load: () => import('./pages/sign-up.js') },
  { pattern: /^\/staff\/orders$/, load: () => import('./pages/staff-orders.js'), requires: 'staff' },
  { pattern: /^\/staff\/mail$/, load: () => import('./pages/staff-mail.js'), requires: 'staff' },
  { pattern: /^\/staff\/platform$/, load: () => import('./pages/platform.js'), requires: 'staff' },
  { pattern: /^/, load: () => import('./pages/not-found.js') },
];
