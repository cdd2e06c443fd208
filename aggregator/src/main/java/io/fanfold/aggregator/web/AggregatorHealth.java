package io.fanfold.aggregator.web;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
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

/** What {@code /health} says of the aggregator: alive while its loop polls, ready once its group has answered. */
final class AggregatorHealth {
    private AggregatorHealth() {}

    private static Publisher<HealthResult> result(String name, boolean up, Map<String, Object> details) {
        return Publishers.just(HealthResult.builder(name, up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build());
    }

    @Singleton
    @Liveness
    @Requires(beans = AggregatorSettings.class)
    static final class Live implements HealthIndicator {
        private final Aggregator aggregator;

        Live(Aggregator aggregator) {
            this.aggregator = aggregator;
        }

        @Override
        public Publisher<HealthResult> getResult() {
            return result("aggregator-loop", aggregator.live(), Map.of());
        }
    }

    @Singleton
    @Readiness
    @Requires(beans = AggregatorSettings.class)
    static final class Ready implements HealthIndicator {
        private final Aggregator aggregator;

        Ready(Aggregator aggregator) {
            this.aggregator = aggregator;
        }

        @Override
        public Publisher<HealthResult> getResult() {
            return result("aggregator-assignment", aggregator.ready(), Map.of());
        }
    }
}
