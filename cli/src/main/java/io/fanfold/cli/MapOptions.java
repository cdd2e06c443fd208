package io.fanfold.cli;

import io.fanfold.producer.client.RequestOptions;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Codec;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.dispatch.Workers;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.Codecs;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.Strategy;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say how an array is mapped. */
final class MapOptions {
    @Option(
            names = {"-p", "--param"},
            paramLabel = "KEY=VALUE",
            description = "A parameter of the function; may be repeated (see fanfold functions).")
    Map<String, String> parameters = new TreeMap<>();

    @ArgGroup
    @Nullable
    Chunks chunks;

    @Option(
            names = "--axis",
            paramLabel = "A",
            defaultValue = "0",
            description = "The axis to split along; negative counts from the last (default: 0).")
    int axis;

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "How a worker runs the function: auto, threads, processes or async (default: auto).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String strategy;

    @Option(
            names = "--fold",
            paramLabel = "NAME",
            defaultValue = "concat",
            description = {
                "How the outcomes become the result (default: concat). Along the split axis, as NumPy's functions of"
                    + " that name: sum, prod, min, max, mean, any, all, count. Over all elements: the same with :all,"
                    + " such as sum:all. Or one that a plugin brings."
            })
    @SuppressWarnings("NullAway.Init") // set by picocli
    String fold;

    @ArgGroup(exclusive = false)
    @Nullable
    KeepGoing keepGoing;

    @Option(
            names = "--time-to-live",
            paramLabel = "SECONDS",
            description = "A chunk that has waited longer for a worker is not computed any more (default: no limit).")
    @Nullable
    String timeToLive;

    @Option(
            names = "--chunk-timeout",
            paramLabel = "SECONDS",
            description = "How long one attempt at a chunk may run (default: as long as the workers allow).")
    @Nullable
    String chunkTimeout;

    @Option(
            names = "--codec",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "How chunks are compressed on their way: auto, none, gzip, lz4 or zstd (default: auto, whichever"
                            + " is worth it, by trying).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String codec;

    /** One of the two, or neither. */
    static final class Chunks {
        @Option(
                names = "--chunks",
                paramLabel = "K",
                required = true,
                description = "Cut the array into K chunks, exactly as np.array_split does.")
        @Nullable
        Integer count;

        @Option(
                names = "--chunk-bytes",
                paramLabel = "B",
                required = true,
                description = "Cut it into chunks of at most B bytes (default: about a million).")
        @Nullable
        Long bytes;
    }

    /**
     * How the outcomes become the result.
     *
     * @throws io.fanfold.protocol.InvalidRequestException where that can be the name of no fold
     */
    Fold fold() {
        return Folds.builtIn().parse(fold);
    }

    /** The one, and with it perhaps the other. */
    static final class KeepGoing {
        @Option(
                names = "--keep-going",
                required = true,
                description =
                        "A failed chunk does not fail the job: the result comes without its rows, with a mask and a"
                                + " list of errors beside it, and the exit code is 3.")
        boolean on;

        @Option(
                names = "--error-budget",
                paramLabel = "N",
                description = "With --keep-going: the job fails all the same when more than N chunks do"
                        + " (default: no limit).")
        @Nullable
        Long budget;
    }

    /** For workers that are started for this: they are as good as this program. */
    Acceptance acceptance(String pool, FunctionDescription function) {
        return acceptance(new FunctionOffer(pool, function, Optional.empty(), Codecs.usable()));
    }

    /** @param offer of the pool's workers */
    Acceptance acceptance(FunctionOffer offer) {
        return new Acceptance(
                Optional.empty(),
                offer.function(),
                parameters,
                offer.pool(),
                Strategy.parse(strategy),
                fold(),
                errors(),
                axis,
                chunkSize(),
                new Limits(seconds("time-to-live", timeToLive), seconds("chunk-timeout", chunkTimeout)),
                Codec.parse(codec),
                Workers.of(offer));
    }

    /** The same as texts, by the names of {@link RequestOptions}. */
    Map<String, String> texts(String function, String pool) {
        Map<String, String> texts = new TreeMap<>(Map.of(
                "function", function,
                "pool", pool,
                "strategy", strategy,
                "fold", fold,
                "codec", codec,
                "axis", Integer.toString(axis)));
        parameters.forEach((name, value) -> texts.put(RequestOptions.PARAMETER + name, value));
        put(texts, "chunks", chunks == null ? null : chunks.count);
        put(texts, "chunk-bytes", chunks == null ? null : chunks.bytes);
        put(texts, "errors", keepGoing == null ? null : "keep-going");
        put(texts, "error-budget", keepGoing == null ? null : keepGoing.budget);
        put(texts, "time-to-live", timeToLive);
        put(texts, "chunk-timeout", chunkTimeout);
        return texts;
    }

    private static void put(Map<String, String> texts, String name, @Nullable Object value) {
        if (value != null) {
            texts.put(name, value.toString());
        }
    }

    private ErrorPolicy errors() {
        return keepGoing == null
                ? new ErrorPolicy.FailFast()
                : new ErrorPolicy.KeepGoing(keepGoing.budget == null ? Long.MAX_VALUE : keepGoing.budget);
    }

    private static OptionalLong seconds(String name, @Nullable String text) {
        return text == null ? OptionalLong.empty() : Limits.seconds(name, text);
    }

    private ChunkSize chunkSize() {
        if (chunks != null && chunks.count != null) {
            return new ChunkSize.Count(chunks.count);
        }
        if (chunks != null && chunks.bytes != null) {
            return new ChunkSize.Bytes(chunks.bytes);
        }
        return new ChunkSize.Automatic();
    }
}
