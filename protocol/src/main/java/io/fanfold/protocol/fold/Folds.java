package io.fanfold.protocol.fold;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.plugin.Plugins;
import io.fanfold.protocol.plugin.Service;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.WireException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The folds that a role has besides {@code concat}, which is no function, in the order they are shown to people. Immutable. */
public final class Folds {
    private static final Service<FoldFunction> SERVICE =
            new Service<>(FoldFunction.class, "fold", "implement FoldFunction", FoldFunction::name);
    private static final Folds BUILT_IN = of(Stream.of(Operation.values())
            .flatMap(operation -> Stream.of(new Reduction(operation, false), new Reduction(operation, true)))
            .toList());

    private final Map<Fold, FoldFunction> functions;

    private Folds(Map<Fold, FoldFunction> functions) {
        this.functions = Collections.unmodifiableMap(functions);
    }

    /** The folds that come with Fanfold. */
    public static Folds builtIn() {
        return BUILT_IN;
    }

    /**
     * The folds that come with Fanfold, and the services of type {@link FoldFunction} on the class path.
     *
     * @throws InvalidRequestException naming the class, where one cannot be used
     */
    public static Folds load() {
        return BUILT_IN.with(Plugins.onClassPath(SERVICE));
    }

    /**
     * As {@link #load()}, and the folds of the plugins in a directory: of each of its jars, by file name, those that the jar
     * names in {@code META-INF/services/io.fanfold.protocol.fold.FoldFunction}.
     *
     * @throws InvalidRequestException naming the jar and the class, where one cannot be used
     */
    public static Folds load(Path plugins) {
        return load().with(Plugins.inDirectory(plugins, SERVICE));
    }

    /**
     * These folds, in their order.
     *
     * @throws InvalidRequestException as {@link #with}
     */
    public static Folds of(Collection<? extends FoldFunction> functions) {
        return new Folds(Map.of()).with(functions);
    }

    /**
     * These folds and more after them.
     *
     * @throws InvalidRequestException where two have the same name, or one has a name that no job can carry
     */
    public Folds with(Collection<? extends FoldFunction> more) {
        Map<Fold, FoldFunction> byName = new LinkedHashMap<>(functions);
        for (FoldFunction function : more) {
            FoldFunction other = byName.putIfAbsent(foldOf(function), function);
            if (other != null) {
                throw new InvalidRequestException("two folds are called " + function.name() + ", "
                        + Plugins.origin(other) + " and " + Plugins.origin(function)
                        + ": give one of them another name, or take it away");
            }
        }
        return new Folds(byName);
    }

    private static Fold foldOf(FoldFunction function) {
        try {
            Fold fold = new Fold(function.name());
            if (!fold.equals(Fold.CONCAT)) {
                return fold;
            }
        } catch (WireException e) {
            throw new InvalidRequestException(Plugins.origin(function) + ": " + e.getMessage(), e);
        }
        throw new InvalidRequestException(
                Plugins.origin(function) + ": no fold can be called concat: give it another name");
    }

    /** The fold of exactly this name; empty for {@code concat}. */
    public Optional<FoldFunction> find(Fold fold) {
        return Optional.ofNullable(functions.get(fold));
    }

    /**
     * A fold as a submitter writes it; one that these do not have may be another role's.
     *
     * @throws InvalidRequestException naming those that there are, where it can be nobody's
     */
    public Fold parse(String text) {
        Fold fold;
        try {
            fold = new Fold(text);
        } catch (WireException e) {
            throw new InvalidRequestException(e.getMessage() + "; " + choice(), e);
        }
        requirePlausible(fold);
        return fold;
    }

    /**
     * Lets a fold pass that these have, or that others may have: a name that begins as one of ours, {@code sum:axis}, is a slip.
     *
     * @throws InvalidRequestException naming those that there are
     */
    public void requirePlausible(Fold fold) {
        int colon = fold.name().indexOf(':');
        Fold base = new Fold(colon < 1 ? fold.name() : fold.name().substring(0, colon));
        if (colon > 0 && (functions.containsKey(base) || base.equals(Fold.CONCAT))) {
            require(fold);
        }
    }

    /**
     * Lets {@code concat} pass and what these have.
     *
     * @throws InvalidRequestException naming those that there are
     */
    public void require(Fold fold) {
        if (!fold.equals(Fold.CONCAT) && !functions.containsKey(fold)) {
            throw new InvalidRequestException("there is no fold \"" + fold + "\"; " + choice());
        }
    }

    private String choice() {
        return "there are concat, " + String.join(", ", names());
    }

    /** What a job can name, {@code concat} left out. */
    public List<String> names() {
        return functions.keySet().stream().map(Fold::name).toList();
    }

    /** The folds themselves. */
    public List<FoldFunction> all() {
        return List.copyOf(functions.values());
    }
}
