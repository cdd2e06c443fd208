package io.fanfold.producer.web;

import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.intake.Submissions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;

/** The producer as beans of an application that was given its {@link ProducerSettings}. */
@Factory
@Requires(beans = ProducerSettings.class)
final class ProducerBeans {
    @Singleton
    @Bean(preDestroy = "close")
    ParallelMap parallelMap(ProducerSettings settings, MeterRegistry meters) {
        return ParallelMap.connect(settings.kafka(), settings.name(), settings.pools(), meters);
    }

    @Singleton
    @Bean(preDestroy = "close")
    Uploads uploads(ProducerSettings settings, ParallelMap map) {
        return new Uploads(settings.spool(), map);
    }

    @Context
    @Singleton
    @Bean(preDestroy = "close")
    Submissions submissions(ProducerSettings settings, ParallelMap map, MeterRegistry meters) {
        return Submissions.start(settings, map, meters, Submissions.GRACE);
    }

    @Singleton
    @Liveness
    HealthIndicator live(ParallelMap map) {
        return () -> Publishers.just(
                HealthResult.builder("producer-follower", status(map.live())).build());
    }

    @Singleton
    @Readiness
    HealthIndicator ready(ParallelMap map) {
        return () -> Publishers.just(
                HealthResult.builder("producer-broker", status(map.live())).build());
    }

    private static HealthStatus status(boolean up) {
        return up ? HealthStatus.UP : HealthStatus.DOWN;
    }
}
