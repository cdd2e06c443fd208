package io.fanfold.producer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.Submission;
import io.fanfold.protocol.wire.Submission.Payload;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PayloadsTest {
    private final Payloads payloads = new Payloads(new Roots(List.of()));

    @Test
    void aJsonArrayIsThereWhole() {
        ArraySlice array = array("[[1, 2.5], [3, 4], [5, \"NaN\"]]", Optional.of("float32"));
        assertThat(array.shape()).isEqualTo(Shape.of(3, 2));
        assertThat(array.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                .containsExactly(1f, 2.5f, 3f, 4f, 5f, Float.NaN);
        assertThat(array("[]", Optional.empty()).shape()).isEqualTo(Shape.of(0));
    }

    @Test
    void whatIsNoArrayIsRefused() {
        assertThatThrownBy(() -> array("[[1],[2,3]]", Optional.empty())).isInstanceOf(ArrayFormatException.class);
        assertThatThrownBy(() -> array("[1]", Optional.of("U5"))).isInstanceOf(InvalidRequestException.class);
        Submission npy = submission(new Payload.Npy(ByteBuffer.wrap(new byte[3])), Optional.empty());
        assertThatThrownBy(() -> payloads.array(npy, Arena.global()))
                .isInstanceOf(ArrayFormatException.class)
                .hasMessageStartingWith("the submission: ");
    }

    private ArraySlice array(String json, Optional<String> dtype) {
        ByteBuffer text = ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8));
        return payloads.array(submission(new Payload.JsonArray(text), dtype), Arena.global());
    }

    private static Submission submission(Payload payload, Optional<String> dtype) {
        return new Submission("key", Map.of(), Map.of(), dtype, payload);
    }
}
