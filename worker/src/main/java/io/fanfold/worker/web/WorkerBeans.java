package io.fanfold.worker.web;

import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import java.util.Map;

/** The worker as a bean of an application that was given its {@link WorkerSettings} and its functions. */
@Factory
@Requires(beans = WorkerSettings.class)
final class WorkerBeans {
    @Singleton
    @Bean(preDestroy = "close")
    Worker worker(WorkerSettings settings, FunctionRegistry functions, MeterRegistry meters) {
        return Worker.start(settings, functions, meters);
    }

    @Singleton
    @Liveness
    HealthIndicator live(Worker worker) {
        return () -> Publishers.just(
                HealthResult.builder("worker-loop", status(worker.live())).build());
    }

    @Singleton
    @Readiness
    HealthIndicator ready(Worker worker) {
        return () -> Publishers.just(HealthResult.builder("worker-assignment", status(worker.ready()))
                .details(Map.of("lanes", worker.lanes(), "withoutFunction", worker.withoutFunction()))
                .build());
    }

    private static HealthStatus status(boolean up) {
        return up ? HealthStatus.UP : HealthStatus.DOWN;
    }
}
