package example;

import io.fanfold.protocol.wire.Parameter;
import io.fanfold.worker.function.ElementFunction;
import java.util.Map;

/** Each element to a power: what is said of one number is done with all of them, whatever the dtype. */
public final class Power extends ElementFunction {
    private static final Parameter EXPONENT =
            Parameter.withDefault("exponent", Parameter.Type.NUMBER, 2, "the power").atLeast(0);

    public Power() {
        super("power@1", "x to a power", EXPONENT);
    }

    @Override
    protected Kernel kernel(Map<String, Object> parameters) {
        double exponent = EXPONENT.number(parameters);
        return each(x -> Math.pow(x, exponent));
    }
}
