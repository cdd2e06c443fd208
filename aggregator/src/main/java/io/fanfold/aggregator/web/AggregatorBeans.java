package io.fanfold.aggregator.web;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/** The aggregator as a bean of an application that was given its {@link AggregatorSettings}. */
@Factory
@Requires(beans = AggregatorSettings.class)
final class AggregatorBeans {
    @Singleton
    @Bean(preDestroy = "close")
    Aggregator aggregator(AggregatorSettings settings, MeterRegistry meters) {
        return Aggregator.start(settings, meters);
    }
}
