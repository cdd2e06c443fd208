package io.fanfold.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LaunchTest {
    @Test
    void whatIsSetForAnotherFleetIsNotHandedOn() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH", "/bin",
                "FANFOLD_BOOTSTRAP_SERVER", "kafka:9092",
                "FANFOLD_THREADS", "1",
                "FANFOLD_JAVA_OPTS", "-Xmx1g",
                "OTHER_FANFOLD_THREADS", "2"));

        Launch.clear(environment);

        assertThat(environment).containsOnlyKeys("PATH", "FANFOLD_JAVA_OPTS", "OTHER_FANFOLD_THREADS");
    }

    @Test
    void aProcessHasTheEnvironmentThatIsLeft() {
        Map<String, String> left = new HashMap<>(System.getenv());
        Launch.clear(left);

        assertThat(Launch.of(List.of("true")).environment()).isEqualTo(left);
    }
}
