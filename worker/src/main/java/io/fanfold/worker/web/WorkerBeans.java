package io.fanfold.worker.web;

import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/** The worker as a bean of an application that was given its {@link WorkerSettings}. */
@Factory
@Requires(beans = WorkerSettings.class)
final class WorkerBeans {
    @Singleton
    @Bean(preDestroy = "close")
    Worker worker(WorkerSettings settings, MeterRegistry meters) {
        return Worker.start(settings, FunctionRegistry.builtIn(), meters);
    }
}
