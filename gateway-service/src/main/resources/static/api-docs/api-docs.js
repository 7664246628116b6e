// Shows the three services' OpenAPI documents; a file of its own, since the content security policy allows no inline script.
const cookie = name => document.cookie.split("; ").find(c => c.startsWith(name + "="))?.slice(name.length + 1);

window.addEventListener("load", async () => {
  // sets the CSRF cookie that "Try it out" needs, and returns its name
  const csrf = await fetch("/session").then(response => response.json()).then(session => session.csrf).catch(() => ({}));
  window.ui = SwaggerUIBundle({
    urls: [
      { name: "Catalog", url: "/openapi/catalog.json" },
      { name: "Orders", url: "/openapi/orders.json" },
      { name: "Users", url: "/openapi/users.json" },
      { name: "Notifications", url: "/openapi/notifications.json" },
    ],
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: "StandaloneLayout",
    validatorUrl: null,
    requestInterceptor: request => {
      const token = cookie(csrf.cookieName);
      if (token && !["GET", "HEAD"].includes(request.method)) request.headers["X-XSRF-TOKEN"] = token;
      return request;
    },
  });
});
