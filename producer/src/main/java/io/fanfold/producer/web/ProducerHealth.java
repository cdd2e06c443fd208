package io.fanfold.producer.web;

import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.ParallelMap;
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

/** What {@code /health} says of the producer: alive and ready while it hears of its jobs. */
final class ProducerHealth {
    private ProducerHealth() {}

    private static Publisher<HealthResult> result(String name, boolean up, Map<String, Object> details) {
        return Publishers.just(HealthResult.builder(name, up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build());
    }

    @Singleton
    @Liveness
    @Requires(beans = ProducerSettings.class)
    static final class Live implements HealthIndicator {
        private final ParallelMap map;

        Live(ParallelMap map) {
            this.map = map;
        }

        @Override
        public Publisher<HealthResult> getResult() {
            return result("producer-follower", map.live(), Map.of());
        }
    }

    @Singleton
    @Readiness
    @Requires(beans = ProducerSettings.class)
    static final class Ready implements HealthIndicator {
        private final ParallelMap map;

        Ready(ParallelMap map) {
            this.map = map;
        }

        @Override
        public Publisher<HealthResult> getResult() {
            return result("producer-broker", map.live(), Map.of());
        }
    }
}
