package io.fanfold.producer.client;

import io.fanfold.producer.dispatch.Codec;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Requests as texts by name, as they come over HTTP or in the headers of a submission. */
public final class RequestOptions {
    /** What the names of the function's own parameters begin with. */
    public static final String PARAMETER = "param.";

    /** The names that there are, beside those that begin with {@link #PARAMETER}. */
    public static final List<String> NAMES = List.of(
            "function",
            "pool",
            "strategy",
            "fold",
            "errors",
            "error-budget",
            "axis",
            "chunks",
            "chunk-bytes",
            "time-to-live",
            "chunk-timeout",
            "codec");

    private final Map<String, String> options;

    private RequestOptions(Map<String, String> options) {
        this.options = options;
    }

    /**
     * Reads a request.
     *
     * @param key the submitter's own name for the job
     * @throws InvalidRequestException if a name is unknown or a value is not what it must be, naming both
     */
    public static MapRequest parse(Map<String, String> options, Optional<String> key) {
        return new RequestOptions(options).request(key);
    }

    private MapRequest request(Optional<String> key) {
        Map<String, Object> parameters = new HashMap<>();
        options.forEach((name, value) -> {
            if (name.startsWith(PARAMETER)) {
                parameters.put(name.substring(PARAMETER.length()), value);
            } else if (!NAMES.contains(name)) {
                throw new InvalidRequestException("there is no option \"" + plain(name) + "\"; there are "
                        + String.join(", ", NAMES) + " and " + PARAMETER + "<name>");
            }
        });
        return new MapRequest(
                option("function")
                        .filter(name -> !name.isBlank())
                        .orElseThrow(() -> new InvalidRequestException(
                                "which function? name one (function=NAME); GET /v1/functions lists them")),
                option("pool").orElse(Topics.DEFAULT_POOL),
                parameters,
                key,
                Strategy.parse(option("strategy").orElse("auto")),
                Folds.builtIn().parse(option("fold").orElse("concat")),
                errors(),
                number("axis").orElse(0),
                chunkSize(),
                new Limits(seconds("time-to-live"), seconds("chunk-timeout")),
                option("codec").flatMap(Codec::parse));
    }

    private Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    private ErrorPolicy errors() {
        String policy = option("errors").orElse("fail-fast");
        Optional<Integer> budget = number("error-budget");
        budget.filter(most -> most < 0).ifPresent(most -> {
            throw new InvalidRequestException("error-budget is " + most + "; it must be at least 0");
        });
        return switch (policy) {
            case "fail-fast" -> {
                if (budget.isPresent()) {
                    throw new InvalidRequestException("error-budget goes with errors=keep-going");
                }
                yield new ErrorPolicy.FailFast();
            }
            case "keep-going" ->
                new ErrorPolicy.KeepGoing(budget.map(Integer::longValue).orElse(Long.MAX_VALUE));
            default ->
                throw new InvalidRequestException(
                        "errors is \"" + plain(policy) + "\"; it must be fail-fast or keep-going");
        };
    }

    private OptionalLong seconds(String name) {
        return option(name).map(text -> Limits.seconds(name, text)).orElseGet(OptionalLong::empty);
    }

    private ChunkSize chunkSize() {
        Optional<Integer> chunks = number("chunks");
        Optional<Integer> bytes = number("chunk-bytes");
        if (chunks.isPresent() && bytes.isPresent()) {
            throw new InvalidRequestException("chunks and chunk-bytes exclude one another: give one of them");
        }
        return chunks.<ChunkSize>map(ChunkSize.Count::new)
                .or(() -> bytes.map(ChunkSize.Bytes::new))
                .orElseGet(ChunkSize.Automatic::new);
    }

    private Optional<Integer> number(String name) {
        return option(name).map(text -> {
            try {
                return Integer.valueOf(text);
            } catch (NumberFormatException e) {
                throw new InvalidRequestException(name + " is \"" + plain(text) + "\"; it must be a whole number", e);
            }
        });
    }

    /** Foreign text made fit for one line of an error. */
    private static String plain(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "\uFFFD");
        return line.length() <= 80 ? line : line.substring(0, 77) + "...";
    }
}
