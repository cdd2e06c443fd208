package io.fanfold.worker.web;

import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/** What {@code /health} says of the worker: alive while its loop polls, ready once its group has answered. */
final class WorkerHealth {
    private WorkerHealth() {}

    private static Publisher<HealthResult> result(String name, boolean up, Map<String, Object> details) {
        return Publishers.just(HealthResult.builder(name, up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build());
    }

    @Singleton
    @Liveness
    @Requires(beans = WorkerSettings.class)
    static final class Live implements HealthIndicator {
        private final Worker worker;

        Live(Worker worker) {
            this.worker = worker;
        }

        @Override
        public Publisher<HealthResult> getResult() {
            return result("worker-loop", worker.live(), Map.of());
        }
    }

    @Singleton
    @Readiness
    @Requires(beans = WorkerSettings.class)
    static final class Ready implements HealthIndicator {
        private final Worker worker;

        Ready(Worker worker) {
            this.worker = worker;
        }

        @Override
        public Publisher<HealthResult> getResult() {
            return result("worker-assignment", worker.ready(), Map.of("lanes", worker.lanes()));
        }
    }
}
