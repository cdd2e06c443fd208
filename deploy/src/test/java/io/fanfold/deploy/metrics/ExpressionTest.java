package io.fanfold.deploy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What metrics and labels a question names. */
final class ExpressionTest {
    @Test
    void metricsAreWhatIsNeitherAFunctionNorAWordNorALabel() {
        Expression e = new Expression(
                "here",
                "max by (pool) (a{state=\"b or c\", x!~\"y\"}) > 0 unless on (pool, job)"
                        + " sum by (pool) (rate(d_total[5m] offset 1h)) * 60 and (e > bool 0)");

        assertThat(e.selected()).isEqualTo(Map.of("a", Set.of("state", "x"), "d_total", Set.of(), "e", Set.of()));
        assertThat(e.grouped()).containsExactly("job", "pool");
    }

    @Test
    void variablesOfADashboardAreNone() {
        Expression e = new Expression("here", "sum(rate(a{pool=~\"$pool\"}[$__rate_interval])) or vector(0)");

        assertThat(e.selected()).isEqualTo(Map.of("a", Set.of("pool")));
    }

    @Test
    void ofAJobItAsksWhatItSelectsByIt() {
        Expression e = new Expression("here", "a{job=~\"fanfold-.+\"} + b{x=\"y\", job=\"fanfold-worker\"} > c");

        assertThat(e.askedOf("fanfold-worker")).containsExactlyInAnyOrder("a", "b");
        assertThat(e.askedOf("fanfold-producer")).containsExactly("a");
        assertThat(e.askedOf("another")).isEmpty();
    }
}
