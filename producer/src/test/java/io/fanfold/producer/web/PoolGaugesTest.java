package io.fanfold.producer.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.producer.client.JobReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A pool's gauges are there as long as the pool. */
final class PoolGaugesTest {
    private static final RemainingWork SOME = new RemainingWork(Map.of(JobReport.State.RUNNING, 1L), 0, 7, 3.5);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PoolGauges gauges = new PoolGauges(Set.of("default"), meters);

    @Test
    void thoseOfAProducersOwnPoolAreThereFromTheBeginning() {
        assertThat(pools()).containsExactly("default");

        gauges.show(Map.of("default", SOME), Map.of("default", 90_000_000_000L), Set.of());
        assertThat(value("fanfold.pool.remaining.chunks", "default")).isEqualTo(7);
        assertThat(value("fanfold.pool.remaining.seconds", "default")).isEqualTo(3.5);
        assertThat(value("fanfold.pool.still", "default")).isEqualTo(90);
        assertThat(meters.get("fanfold.jobs.open")
                        .tags("pool", "default", "state", "RUNNING")
                        .gauge()
                        .value())
                .isEqualTo(1);

        gauges.show(Map.of(), Map.of(), Set.of());
        assertThat(pools()).containsExactly("default");
        assertThat(value("fanfold.pool.remaining.chunks", "default")).isZero();
        assertThat(value("fanfold.pool.still", "default")).isZero();
    }

    @Test
    void thoseOfAnotherGoWithItsLastOfferAndItsLastJob() {
        int own = meters.getMeters().size();
        gauges.show(Map.of("run-j1", SOME), Map.of(), Set.of("run-j1", "gpu"));
        assertThat(pools()).containsExactly("default", "gpu", "run-j1");

        gauges.show(Map.of("run-j1", SOME), Map.of(), Set.of("gpu"));
        assertThat(pools()).containsExactly("default", "gpu", "run-j1");

        gauges.show(Map.of(), Map.of(), Set.of("gpu"));
        assertThat(pools()).containsExactly("default", "gpu");

        gauges.show(Map.of(), Map.of(), Set.of());
        assertThat(meters.getMeters()).hasSize(own);
    }

    @Test
    void aPoolThatComesAgainIsShownAgain() {
        gauges.show(Map.of("gpu", SOME), Map.of(), Set.of());
        gauges.show(Map.of(), Map.of(), Set.of());
        gauges.show(Map.of("gpu", SOME), Map.of(), Set.of());

        assertThat(value("fanfold.pool.remaining.chunks", "gpu")).isEqualTo(7);
    }

    private List<String> pools() {
        return meters.getMeters().stream()
                .map(meter -> String.valueOf(meter.getId().getTag("pool")))
                .distinct()
                .sorted()
                .toList();
    }

    private double value(String name, String pool) {
        return meters.get(name).tags("pool", pool).gauge().value();
    }
}
