package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.store.Kept;
import io.fanfold.aggregator.store.Results;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A store that refuses one file, counted from 1: before it has taken it, or when it has but cannot say that it will keep it. */
record RefusingResults(Results results, Refusal refusal) implements Results {
    /** Which file is refused. Changes as files come. */
    static final class Refusal {
        private int left;
        private final boolean taken;

        Refusal(int call, boolean taken) {
            this.left = call;
            this.taken = taken;
        }

        private boolean now() {
            return --left == 0;
        }

        boolean over() {
            return left <= 0;
        }
    }

    @Override
    public void put(String name, Path file) throws IOException {
        boolean refused = refusal.now();
        if (!refused || refusal.taken) {
            results.put(name, file);
        }
        if (refused) {
            throw new IOException("no " + name);
        }
    }

    @Override
    public String id() {
        return results.id();
    }

    @Override
    public boolean shared() {
        return results.shared();
    }

    @Override
    public Optional<Kept> find(String name) throws IOException {
        return results.find(name);
    }

    @Override
    public InputStream read(Kept kept, long offset, long bytes) throws IOException {
        return results.read(kept, offset, bytes);
    }

    @Override
    public void delete(String name) throws IOException {
        results.delete(name);
    }

    @Override
    public URI uri(String name) {
        return results.uri(name);
    }

    @Override
    public void close() {
        results.close();
    }
}
