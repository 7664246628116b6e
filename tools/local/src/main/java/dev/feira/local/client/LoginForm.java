package dev.feira.local.client;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The login form of an HTML page.
 *
 * @param action the address to send it to, possibly relative; empty for the page itself
 * @param fields names and values of the hidden fields
 * @param userField the name of the user field
 * @param passwordField the name of the password field
 */
record LoginForm(String action, Map<String, String> fields, String userField, String passwordField) {

    private static final Pattern FORM = Pattern.compile("(?is)<form\\b([^>]*)>(.*?)</form>");
    private static final Pattern INPUT = Pattern.compile("(?is)<input\\b([^>]*)>");
    private static final Pattern ATTRIBUTE =
            Pattern.compile("(?s)([a-zA-Z-]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+))");

    /** Finds the first form with a password field. */
    static Optional<LoginForm> find(String html) {
        return FORM.matcher(html)
                .results()
                .map(form -> of(attributes(form.group(1)), form.group(2)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<LoginForm> of(Map<String, String> form, String content) {
        var fields = new LinkedHashMap<String, String>();
        var user = "";
        var password = "";
        for (var input : INPUT.matcher(content).results().toList()) {
            var attributes = attributes(input.group(1));
            var name = attributes.getOrDefault("name", "");
            if (name.isEmpty()) {
                continue;
            }
            switch (attributes.getOrDefault("type", "text").toLowerCase(Locale.ROOT)) {
                case "password" -> password = name;
                case "hidden" -> fields.put(name, attributes.getOrDefault("value", ""));
                case "text", "email" -> user = user.isEmpty() ? name : user;
                default -> {
                    // Buttons and check boxes are not sent
                }
            }
        }
        return user.isEmpty() || password.isEmpty()
                ? Optional.empty()
                : Optional.of(new LoginForm(form.getOrDefault("action", ""), fields, user, password));
    }

    /** Returns the fields to send for this user and password. */
    Map<String, String> filled(String user, String password) {
        var all = new LinkedHashMap<>(fields);
        all.put(userField, user);
        all.put(passwordField, password);
        return all;
    }

    private static Map<String, String> attributes(String text) {
        var attributes = new LinkedHashMap<String, String>();
        ATTRIBUTE.matcher(text).results().forEach(attribute -> {
            for (var group = 2; group <= 4; group++) {
                if (attribute.group(group) != null) {
                    attributes.put(attribute.group(1).toLowerCase(Locale.ROOT), unescaped(attribute.group(group)));
                }
            }
        });
        return attributes;
    }

    private static String unescaped(String text) {
        return text.replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&#x27;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }
}
