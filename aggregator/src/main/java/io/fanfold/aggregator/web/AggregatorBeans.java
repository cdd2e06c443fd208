package io.fanfold.aggregator.web;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.store.Results;
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

/** The aggregator as a bean of an application that was given its {@link AggregatorSettings}. */
@Factory
@Requires(beans = AggregatorSettings.class)
final class AggregatorBeans {
    @Singleton
    @Bean(preDestroy = "close")
    Aggregator aggregator(AggregatorSettings settings, MeterRegistry meters) {
        return Aggregator.start(settings, meters);
    }

    @Singleton
    Results results(Aggregator aggregator) {
        return aggregator.results();
    }

    @Singleton
    @Liveness
    HealthIndicator live(Aggregator aggregator) {
        return () -> Publishers.just(HealthResult.builder("aggregator-loop", status(aggregator.live()))
                .build());
    }

    @Singleton
    @Readiness
    HealthIndicator ready(Aggregator aggregator) {
        return () -> Publishers.just(HealthResult.builder("aggregator-assignment", status(aggregator.ready()))
                .details(Map.of("store", aggregator.results().id(), "resultsElsewhere", aggregator.resultsElsewhere()))
                .build());
    }

    private static HealthStatus status(boolean up) {
        return up ? HealthStatus.UP : HealthStatus.DOWN;
    }
}
