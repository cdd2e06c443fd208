package io.fanfold.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks at the anonymous memory of processes until it is closed, and keeps the most of each. A thread of its own. */
public final class Peaks implements AutoCloseable {
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Map<String, RoleProcess> roles;
    private final Map<String, Long> most = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    public Peaks(Map<String, RoleProcess> roles) {
        this.roles = new LinkedHashMap<>(roles);
        this.thread = Thread.ofPlatform().name("peaks").daemon().start(this::watch);
    }

    private void watch() {
        while (!closed) {
            look();
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    private void look() {
        roles.forEach((name, role) -> {
            try {
                role.anonymous().ifPresent(bytes -> most.merge(name, bytes, Math::max));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The most that it was, in bytes; 0 where it ended before it was looked at. */
    public long of(String role) {
        return most.getOrDefault(role, 0L);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
