package org.mocha4j.launcher.data;

/**
 * A grey image that lines are drawn on with a round pen. The ink of a pixel is 1 where the distance from its centre
 * to the line is under {@code radius − 1/2}, 0 beyond {@code radius + 1/2}, and linear between; lines that cross do not
 * add up. Own arithmetic instead of a graphics library: the bits are the same on every platform.
 */
final class Canvas {
    private final int width;
    private final int height;
    private final double[] ink;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        this.ink = new double[width * height];
    }

    /** Ink of each pixel, 0..1, row by row; pixel (column, row) has its centre at just these coordinates. */
    double[] ink() {
        return ink;
    }

    void line(double x0, double y0, double x1, double y1, double radius) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double square = dx * dx + dy * dy;
        double reach = radius + 0.5;
        int left = Math.max(0, (int) Math.floor(Math.min(x0, x1) - reach));
        int right = Math.min(width - 1, (int) Math.ceil(Math.max(x0, x1) + reach));
        int top = Math.max(0, (int) Math.floor(Math.min(y0, y1) - reach));
        int bottom = Math.min(height - 1, (int) Math.ceil(Math.max(y0, y1) + reach));
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                double along = square == 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / square;
                along = Math.max(0, Math.min(1, along));
                double ox = x - x0 - along * dx;
                double oy = y - y0 - along * dy;
                double cover = Math.min(1, reach - Math.sqrt(ox * ox + oy * oy));
                int at = y * width + x;
                if (cover > ink[at]) {
                    ink[at] = cover;
                }
            }
        }
    }

    /** A stroke: straight lines through the points, or the uniform Catmull-Rom curve through them. */
    void stroke(double[] points, boolean smooth, double radius) {
        int n = points.length / 2;
        for (int k = 0; k + 1 < n; k++) {
            if (smooth) {
                curve(points, Math.max(0, k - 1), k, k + 1, Math.min(n - 1, k + 2), radius);
            } else {
                line(points[2 * k], points[2 * k + 1], points[2 * k + 2], points[2 * k + 3], radius);
            }
        }
    }

    private void curve(double[] p, int a, int b, int c, int d, double radius) {
        int steps = 8;
        double x = p[2 * b];
        double y = p[2 * b + 1];
        for (int s = 1; s <= steps; s++) {
            double t = (double) s / steps;
            double nextX = spline(p[2 * a], p[2 * b], p[2 * c], p[2 * d], t);
            double nextY = spline(p[2 * a + 1], p[2 * b + 1], p[2 * c + 1], p[2 * d + 1], t);
            line(x, y, nextX, nextY, radius);
            x = nextX;
            y = nextY;
        }
    }

    private static double spline(double a, double b, double c, double d, double t) {
        return 0.5 * (2 * b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
    }
}
