package io.fanfold.producer.web;

import io.fanfold.protocol.InvalidRequestException;
import io.micronaut.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options behind the question mark of an address, each of them once. */
final class Query {
    private static final int LONGEST = 80;

    private final Map<String, String> options;

    private Query(Map<String, String> options) {
        this.options = options;
    }

    /** Those of a request. */
    static Query of(HttpRequest<?> request) {
        Map<String, String> options = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> given : request.getParameters()) {
            if (given.getValue().size() > 1) {
                throw new InvalidRequestException("option \"" + plain(given.getKey()) + "\" is there "
                        + given.getValue().size() + " times; give it once");
            }
            options.put(given.getKey(), given.getValue().getFirst());
        }
        return new Query(options);
    }

    /** Those of a request that has no others than these. */
    static Query only(HttpRequest<?> request, String... names) {
        Query query = of(request);
        List<String> known = List.of(names);
        for (String name : query.options.keySet()) {
            if (!known.contains(name)) {
                throw new InvalidRequestException("there is no option \"" + plain(name) + "\"; "
                        + (known.isEmpty() ? "this address takes none" : "there are " + String.join(", ", known)));
            }
        }
        return query;
    }

    /** Lets a request pass that has none. */
    static void none(HttpRequest<?> request) {
        only(request);
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** An option that the others do not need any more. */
    Optional<String> take(String name) {
        return Optional.ofNullable(options.remove(name));
    }

    /** With another option, which must not be there. */
    Query with(String name, String value) {
        if (options.putIfAbsent(name, value) != null) {
            throw new InvalidRequestException("option \"" + name + "\" is said by the path; leave it out");
        }
        return this;
    }

    Map<String, String> all() {
        return options;
    }

    /** {@code true} or {@code false}. */
    boolean flag(String name, boolean otherwise) {
        return option(name)
                .map(text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new InvalidRequestException(
                                name + " is \"" + plain(text) + "\"; it must be true or false");
                })
                .orElse(otherwise);
    }

    /** A whole number from 1 to {@code most}. */
    int count(String name, int otherwise, int most) {
        return option(name)
                .map(text -> {
                    boolean good = text.matches("[1-9]\\d{0,8}") && Integer.parseInt(text) <= most;
                    if (!good) {
                        throw new InvalidRequestException(
                                name + " is \"" + plain(text) + "\"; it must be a whole number from 1 to " + most);
                    }
                    return Integer.parseInt(text);
                })
                .orElse(otherwise);
    }

    /** Foreign text made fit for one line of an error. */
    static String plain(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "\uFFFD");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
    }
}
