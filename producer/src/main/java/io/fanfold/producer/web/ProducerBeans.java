package io.fanfold.producer.web;

import io.fanfold.http.HttpSettings;
import io.fanfold.http.KeptResults;
import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.intake.Submissions;
import io.fanfold.protocol.rights.MissingRights;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicSetup;
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
import java.util.Optional;

/** The producer as beans of an application that was given its {@link ProducerSettings}. */
@Factory
@Requires(beans = ProducerSettings.class)
final class ProducerBeans {
    @Singleton
    @Bean(preDestroy = "close")
    ParallelMap parallelMap(ProducerSettings settings, MeterRegistry meters) {
        try (TopicSetup topics = new TopicSetup(settings.kafka())) {
            new MissingRights(settings.kafka(), Role.PRODUCER, settings.pools())
                    .require(settings.purgeEvery().isPresent());
            topics.require(Role.PRODUCER, settings.pools());
        }
        return ParallelMap.connect(settings.kafka(), settings.name(), settings.pools(), meters);
    }

    @Singleton
    @Bean(preDestroy = "close")
    Uploads uploads(ProducerSettings settings, ParallelMap map, HttpSettings http) {
        return new Uploads(map, settings.spool(), http.uploads());
    }

    @Singleton
    KnownJobs knownJobs(ParallelMap map) {
        return new KnownJobs(map);
    }

    @Singleton
    @Bean(preDestroy = "close")
    Aggregators aggregators(HttpSettings http) {
        return new Aggregators(http.token());
    }

    @Singleton
    Results results(ParallelMap map, Optional<KeptResults> near, Aggregators far) {
        return new Results(map, near, far);
    }

    @Context
    @Singleton
    @Bean(preDestroy = "close")
    Submissions submissions(ProducerSettings settings, ParallelMap map, MeterRegistry meters) {
        return Submissions.start(settings, map, meters, Submissions.GRACE);
    }

    @Context
    @Singleton
    @Bean(preDestroy = "close")
    RemainingGauges remainingGauges(ProducerSettings settings, ParallelMap map, MeterRegistry meters) {
        return RemainingGauges.start(map, settings.pools(), meters, RemainingGauges.EVERY);
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
