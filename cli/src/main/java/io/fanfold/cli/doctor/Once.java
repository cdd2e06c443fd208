package io.fanfold.cli.doctor;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is found out once, when it is first asked for. One thread. */
final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private @Nullable T known;

    Once(Supplier<T> source) {
        this.source = source;
    }

    @Override
    public T get() {
        T there = known;
        if (there == null) {
            there = source.get();
            known = there;
        }
        return there;
    }
}
