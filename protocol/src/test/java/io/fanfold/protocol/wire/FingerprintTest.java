package io.fanfold.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The digest is part of the contract: these values were made by Python's json.dumps(sort_keys) and hashlib. */
final class FingerprintTest {
    private static String of(Map<String, Object> parameters, Plan plan) {
        return Fingerprint.of(
                FunctionId.parse("scale@1"), parameters, Fold.CONCAT, DType.parse("<f8"), Shape.of(100, 3), plan);
    }

    @Test
    void itIsWhatAnyLanguageMakesOfTheSortedJson() {
        assertThat(of(Map.of("factor", 2L, "a", "x"), new Plan.Chunks(0, 8)))
                .isEqualTo("504aae5e82956974b32214390077f862b923206cb9d4c6eecc5850e89694d894");
    }

    @Test
    void aTextWithAnEqualsSignIsNotTwoParameters() {
        Plan plan = new Plan.Chunks(0, 8);
        assertThat(of(Map.of("a", "1, b=2"), plan)).isNotEqualTo(of(Map.of("a", 1L, "b", 2L), plan));
        assertThat(of(Map.of("a", 2L), plan)).isNotEqualTo(of(Map.of("a", 2.0), plan));
    }

    @Test
    void anotherPlanIsAnotherRequest() {
        assertThat(of(Map.of(), new Plan.Chunks(0, 8))).isNotEqualTo(of(Map.of(), new Plan.Rows(0, 8)));
        assertThat(of(Map.of(), new Plan.Chunks(0, 8))).isNotEqualTo(of(Map.of(), new Plan.Chunks(1, 8)));
    }
}
