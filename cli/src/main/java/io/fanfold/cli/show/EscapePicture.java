package io.fanfold.cli.show;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Escape counts as a picture: inside black, outside from deep blue over gold to white. */
public final class EscapePicture {
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private EscapePicture() {}

    /**
     * Writes a PNG.
     *
     * @param counts little-endian int32, {@code height} rows of {@code width}
     * @param inside the count of points that never escape
     */
    public static void write(MemorySegment counts, int width, int height, int inside, Path png) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int count = counts.getAtIndex(INT32, (long) y * width + x);
                image.setRGB(x, y, count >= inside ? 0 : colour(Math.sqrt((double) count / inside)));
            }
        }
        if (!ImageIO.write(image, "png", png.toFile())) {
            throw new IOException("no writer of PNG in this Java runtime");
        }
    }

    private static int colour(double t) {
        int red = level(9 * (1 - t) * t * t * t + t * t);
        int green = level(15 * (1 - t) * (1 - t) * t * t + t * t * t);
        int blue = level(8.5 * (1 - t) * (1 - t) * (1 - t) * t + 0.25 * (1 - t) + t * t * t);
        return red << 16 | green << 8 | blue;
    }

    private static int level(double v) {
        return (int) Math.round(255 * Math.clamp(v, 0.0, 1.0));
    }
}
