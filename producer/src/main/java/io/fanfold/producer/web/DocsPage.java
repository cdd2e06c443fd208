package io.fanfold.producer.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI description as one page of HTML that needs nothing else. */
final class DocsPage {
    private static final String HEAD = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Fanfold over HTTP</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222 }
        h2 { margin-top: 2em; font-size: 1.1em; border-top: 1px solid #ccc; padding-top: .8em }
        code { font: 0.95em ui-monospace, monospace }
        table { border-collapse: collapse; width: 100% }
        td { padding: .15em 1em .15em 0; vertical-align: top }
        td:first-child { white-space: nowrap }
        .method { display: inline-block; min-width: 4em; font-weight: bold }
        </style>
        """;

    private final Map<?, ?> document;

    /** @param yaml an OpenAPI document */
    DocsPage(String yaml) {
        this.document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    }

    String html() {
        Map<?, ?> info = map(document, "info");
        StringBuilder page = new StringBuilder(HEAD)
                .append("<h1>Fanfold over HTTP</h1>\n<p>")
                .append(text(info, "description"))
                .append("</p>\n<p>The same for programs: <a href=\"/openapi.yaml\">/openapi.yaml</a></p>\n");
        map(document, "paths")
                .forEach((path, item) -> ((Map<?, ?>) item)
                        .forEach(
                                (method, operation) -> operation(page, path + "", method + "", (Map<?, ?>) operation)));
        page.append("<h2>What answers are made of</h2>\n");
        map(map(document, "components"), "schemas")
                .forEach((name, schema) -> schema(page, name + "", (Map<?, ?>) schema));
        return page.append("</html>\n").toString();
    }

    private void operation(StringBuilder page, String path, String method, Map<?, ?> operation) {
        page.append("<h2 id=\"").append(text(operation, "operationId")).append("\"><span class=\"method\">");
        page.append(escaped(method.toUpperCase(Locale.ROOT))).append("</span> <code>");
        page.append(escaped(path)).append("</code></h2>\n<p>").append(text(operation, "description"));
        page.append("</p>\n<table>\n");
        for (Map<?, ?> named : list(operation, "parameters")) {
            Map<?, ?> parameter = named.get("$ref") instanceof String ref ? referred(ref) : named;
            String required = Boolean.TRUE.equals(parameter.get("required")) ? ", required" : "";
            row(page, text(parameter, "name"), text(parameter, "in") + required, text(parameter, "description"));
        }
        map(operation, "responses")
                .forEach((status, answer) -> row(
                        page,
                        escaped(status + ""),
                        escaped(String.join(
                                ", ",
                                map((Map<?, ?>) answer, "content").keySet().stream()
                                        .map(String::valueOf)
                                        .toList())),
                        text((Map<?, ?>) answer, "description")));
        page.append("</table>\n");
    }

    /** What {@code #/components/parameters/NAME} means. */
    private Map<?, ?> referred(String ref) {
        return map(map(map(document, "components"), "parameters"), ref.substring(ref.lastIndexOf('/') + 1));
    }

    private static void schema(StringBuilder page, String name, Map<?, ?> schema) {
        page.append("<h2 id=\"").append(escaped(name)).append("\"><code>").append(escaped(name));
        page.append("</code></h2>\n<p>").append(text(schema, "description")).append("</p>\n<table>\n");
        map(schema, "properties")
                .forEach((property, value) -> row(
                        page,
                        escaped(property + ""),
                        text((Map<?, ?>) value, "type"),
                        text((Map<?, ?>) value, "description")));
        page.append("</table>\n");
    }

    private static void row(StringBuilder page, String name, String kind, String description) {
        page.append("<tr><td><code>").append(name).append("</code></td><td>").append(kind);
        page.append("</td><td>").append(description).append("</td></tr>\n");
    }

    private static Map<?, ?> map(Map<?, ?> in, String key) {
        return in.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<Map<?, ?>> list(Map<?, ?> in, String key) {
        return in.get(key) instanceof List<?> list
                ? list.stream().<Map<?, ?>>map(item -> (Map<?, ?>) item).toList()
                : List.of();
    }

    private static String text(Map<?, ?> in, String key) {
        Object value = in.get(key);
        return value == null ? "" : escaped(value.toString());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
