package io.fanfold.deploy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Prometheus' own tool takes the configuration and the rules, and finds that alerts fire when they shall. */
@EnabledIfEnvironmentVariable(named = Programs.GATE, matches = "1", disabledReason = Programs.NEEDED)
final class PromtoolTest {
    @Test
    void theConfigurationAndItsRulesAreSuch() throws Exception {
        assertThat(Programs.run(MetricsFiles.DIRECTORY, "promtool", "check", "config", "prometheus.yml"))
                .contains(MetricsFiles.alerts().size() + " rules found");
    }

    @Test
    void alertsFireWhenTheyShallAndOnlyThen() throws Exception {
        assertThat(Programs.run(MetricsFiles.DIRECTORY, "promtool", "test", "rules", "alerts-test.yml"))
                .contains("SUCCESS");
    }
}
