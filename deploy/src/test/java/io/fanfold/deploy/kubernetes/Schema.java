package io.fanfold.deploy.kubernetes;

import java.util.List;
import java.util.Optional;

/** What an API server would say to a manifest, strictly: a field that it does not know is wrong. */
interface Schema {
    /** What is wrong with it; empty if this schema does not know such a thing. */
    Optional<List<String>> problems(Manifest manifest);

    /** What is wrong with a manifest, which one of these has to know; all that do have to be content. */
    static List<String> problems(List<Schema> schemas, Manifest manifest) {
        List<List<String>> said = schemas.stream()
                .flatMap(schema -> schema.problems(manifest).stream())
                .toList();
        return said.isEmpty()
                ? List.of("no schema for " + manifest.apiVersion() + " " + manifest.kind())
                : said.stream().flatMap(List::stream).toList();
    }
}
