package example;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.Doubles;
import java.util.Map;

/** The Euclidean length of each row: an answer of another shape than the chunk. */
public final class RowNorms implements ChunkFunction {
    private static final FunctionDescription DESCRIPTION =
            FunctionDescription.of("row-norms@1", "the length of each row")
                    .withShapes("(n, m) -> (n,)")
                    .withAnswers("float64", "float32", "float64");

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) {
        if (chunk.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "row-norms: a chunk of shape " + chunk.shape() + " has no rows: pass a matrix");
        }
        int rows = (int) chunk.shape().dim(0);
        int columns = (int) chunk.shape().dim(1);
        double[] numbers = Doubles.of(chunk);
        double[] norms = new double[rows];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int column = 0; column < columns; column++) {
                double x = numbers[row * columns + column];
                sum += x * x;
            }
            norms[row] = Math.sqrt(sum);
        }
        return Doubles.array(Shape.of(rows), norms);
    }
}
