package org.apache.kafka.common.utils;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class ByteBufferInputStreamTest {
    @Test
    void whatRemainsInTheBufferIsRead() throws IOException {
        byte[] bytes = {1, 2, -3, 4};

        assertThat(new ByteBufferInputStream(ByteBuffer.wrap(bytes, 1, 2)).readAllBytes())
                .containsExactly(2, -3);
    }

    @Test
    void aByteAtATimeIsUnsignedAndEndsWithMinusOne() throws IOException {
        try (ByteBufferInputStream stream = new ByteBufferInputStream(ByteBuffer.wrap(new byte[] {-1}))) {
            assertThat(stream.read()).isEqualTo(255);
            assertThat(stream.read()).isEqualTo(-1);
            assertThat(stream.read(new byte[2], 0, 2)).isEqualTo(-1);
            assertThat(stream.read(new byte[2], 0, 0)).isZero();
        }
    }
}
