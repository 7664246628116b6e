// Shows the three services' OpenAPI documents; a file of its own, since the content security policy allows no inline script.
const cookie = name => document.cookie.split("; ").find(c => c.startsWith(name + "="))?.slice(name.length + 1);

window.addEventListener("load", async () => {
  await fetch("/session").catch(() => {}); // sets the XSRF-TOKEN cookie that "Try it out" needs
  window.ui = SwaggerUIBundle({
    urls: [
      { name: "Catalog", url: "/openapi/catalog.json" },
      { name: "Orders", url: "/openapi/orders.json" },
      { name: "Users", url: "/openapi/users.json" },
    ],
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: "StandaloneLayout",
    validatorUrl: null,
    requestInterceptor: request => {
      const token = cookie(location.port ? `XSRF-TOKEN-${location.port}` : "XSRF-TOKEN");
      if (token && !["GET", "HEAD"].includes(request.method)) request.headers["X-XSRF-TOKEN"] = token;
      return request;
    },
  });
});
