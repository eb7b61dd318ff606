package org.hourtap.server.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An amount of cash as people write it, such as 2 or 2.50, and as the hub counts it, in pence.
record Pounds(long pence) {
    private static final int PENCE = 100;

    static final class Converter implements ITypeConverter<Pounds> {
        @Override
        public Pounds convert(String text) {
            // Ten million pounds at one venue are a typing error.
            if (!text.matches("[0-9]{1,7}([.][0-9]{2})?")) {
                throw new TypeConversionException(
                        "An amount is written in pounds, such as 2 or 2.50, not " + text + ".");
            }
            return new Pounds(
                    Long.parseLong(text.contains(".") ? text.replace(".", "") : text + "00"));
        }
    }

    @Override
    public String toString() {
        String sign = pence < 0 ? "-" : "";
        long all = Math.abs(pence);
        return String.format(Locale.ROOT, "%s£%d.%02d", sign, all / PENCE, all % PENCE);
    }
}
