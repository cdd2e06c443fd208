package io.fanfold.producer.client;

import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Codec;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.dispatch.Workers;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What to compute on an array, and how: a function by name, with everything else left to Fanfold unless it is said. Immutable.
 *
 * <pre>{@code MapRequest.of("scale").with("factor", 2.5).keepGoing()}</pre>
 *
 * @param function {@code name} (its latest version) or {@code name@version}
 * @param pool the workers that shall compute it
 * @param parameters of the function
 * @param key the submitter's own name for the job: asking again with the same key finds the job that there is
 * @param errors what a failed chunk does to the job
 * @param axis the split axis; negative counts from the last
 * @param codec how the chunks are compressed; empty: as is worth it, by trying
 */
public record MapRequest(
        String function,
        String pool,
        Map<String, Object> parameters,
        Optional<String> key,
        Strategy strategy,
        Fold fold,
        ErrorPolicy errors,
        int axis,
        ChunkSize chunkSize,
        Limits limits,
        Optional<Codec> codec) {
    private static final int LONGEST_KEY = 256;

    public MapRequest {
        parameters = Map.copyOf(parameters);
        key.ifPresent(MapRequest::requireKey);
    }

    private static void requireKey(String key) {
        boolean good =
                !key.isBlank() && key.length() <= LONGEST_KEY && key.chars().noneMatch(Character::isISOControl);
        if (!good) {
            throw new InvalidRequestException("the key has " + key.length() + " characters"
                    + (key.isBlank() ? ", all of them blank" : "") + "; it must have 1 to " + LONGEST_KEY
                    + ", none of them a control character");
        }
    }

    /** A function without parameters in the default pool. */
    public static MapRequest of(String function) {
        return new MapRequest(
                function,
                Topics.DEFAULT_POOL,
                Map.of(),
                Optional.empty(),
                Strategy.AUTO,
                Fold.CONCAT,
                new ErrorPolicy.FailFast(),
                0,
                new ChunkSize.Automatic(),
                Limits.NONE,
                Optional.empty());
    }

    /** With a parameter of the function. */
    public MapRequest with(String parameter, Object value) {
        Map<String, Object> more = new HashMap<>(parameters);
        more.put(parameter, value);
        return new MapRequest(function, pool, more, key, strategy, fold, errors, axis, chunkSize, limits, codec);
    }

    /** In another pool than the default one. */
    public MapRequest inPool(String name) {
        return new MapRequest(function, name, parameters, key, strategy, fold, errors, axis, chunkSize, limits, codec);
    }

    /** Under a key of the submitter's own. */
    public MapRequest withKey(String own) {
        return new MapRequest(
                function, pool, parameters, Optional.of(own), strategy, fold, errors, axis, chunkSize, limits, codec);
    }

    /** With a strategy that is not measured but told. */
    public MapRequest withStrategy(Strategy told) {
        return new MapRequest(function, pool, parameters, key, told, fold, errors, axis, chunkSize, limits, codec);
    }

    /** Folded instead of concatenated, for instance {@code sum}. */
    public MapRequest foldedBy(String name) {
        return new MapRequest(
                function,
                pool,
                parameters,
                key,
                strategy,
                Folds.builtIn().parse(name),
                errors,
                axis,
                chunkSize,
                limits,
                codec);
    }

    /** Going on without chunks that fail; the result then has holes. */
    public MapRequest keepGoing() {
        return withErrors(new ErrorPolicy.KeepGoing(Long.MAX_VALUE));
    }

    /** With another policy for errors. */
    public MapRequest withErrors(ErrorPolicy policy) {
        return new MapRequest(function, pool, parameters, key, strategy, fold, policy, axis, chunkSize, limits, codec);
    }

    /** Split along another axis than the first. */
    public MapRequest alongAxis(int split) {
        return new MapRequest(function, pool, parameters, key, strategy, fold, errors, split, chunkSize, limits, codec);
    }

    /** In so many chunks, as {@code np.array_split(x, chunks)}. */
    public MapRequest inChunks(int chunks) {
        return withChunkSize(new ChunkSize.Count(chunks));
    }

    /** In chunks of another size than the automatic one. */
    public MapRequest withChunkSize(ChunkSize size) {
        return new MapRequest(function, pool, parameters, key, strategy, fold, errors, axis, size, limits, codec);
    }

    /** With limits of time. */
    public MapRequest withLimits(Limits time) {
        return new MapRequest(function, pool, parameters, key, strategy, fold, errors, axis, chunkSize, time, codec);
    }

    /** With chunks that are compressed so, whatever they are. */
    public MapRequest withCodec(Codec told) {
        return new MapRequest(
                function, pool, parameters, key, strategy, fold, errors, axis, chunkSize, limits, Optional.of(told));
    }

    /** For the function that it names. */
    Acceptance resolve(FunctionOffer offer) {
        return new Acceptance(
                key,
                offer.function(),
                parameters,
                pool,
                strategy,
                fold,
                errors,
                axis,
                chunkSize,
                limits,
                codec,
                Workers.of(offer));
    }
}
