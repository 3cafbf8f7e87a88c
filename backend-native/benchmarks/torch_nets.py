"""The nets of the benchmarks as PyTorch's modules, and how a step of them is timed."""
import statistics
import time


def modules(torch):
    """The nets as PyTorch's modules, made when asked for."""
    nn, functional = torch.nn, torch.nn.functional

    class WithinChannel(nn.Module):
        """Local response normalisation within channels, 3 x 3."""

        def forward(self, x):
            return x * (1 + 5e-5 * functional.avg_pool2d(x * x, 3, 1, 1)) ** -0.75

    class Fire(nn.Module):
        def __init__(self, inputs, squeeze, expand):
            super().__init__()
            self.squeeze = nn.Conv2d(inputs, squeeze, 1)
            self.one, self.three = nn.Conv2d(squeeze, expand, 1), nn.Conv2d(squeeze, expand, 3, padding=1)

        def forward(self, x):
            x = functional.relu(self.squeeze(x), inplace=True)
            return torch.cat([functional.relu(f(x), inplace=True) for f in (self.one, self.three)], 1)

    def lenet():
        return nn.Sequential(nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.MaxPool2d(2), nn.Flatten(),
                             nn.Linear(800, 500), nn.ReLU(inplace=True), nn.Linear(500, 10))

    def cifar10():
        def mean():
            return nn.AvgPool2d(3, 2, ceil_mode=True)
        return nn.Sequential(nn.Conv2d(3, 32, 5, padding=2), nn.MaxPool2d(3, 2, ceil_mode=True), nn.ReLU(inplace=True),
                             WithinChannel(), nn.Conv2d(32, 32, 5, padding=2), nn.ReLU(inplace=True), mean(),
                             WithinChannel(), nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(inplace=True), mean(),
                             nn.Flatten(), nn.Linear(1024, 10))

    def squeezenet():
        def pool():
            return nn.MaxPool2d(3, 2, ceil_mode=True)
        return nn.Sequential(nn.Conv2d(3, 64, 3, 2), nn.ReLU(inplace=True), pool(), Fire(64, 16, 64), Fire(128, 16, 64),
                             pool(), Fire(128, 32, 128), Fire(256, 32, 128), pool(), Fire(256, 48, 192),
                             Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256), nn.Conv2d(512, 1000, 1),
                             nn.ReLU(inplace=True), nn.AvgPool2d(14), nn.Softmax(1))

    def vgg():
        layers, last = [], 3
        for filters in (64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0):
            if filters:
                layers += [nn.Conv2d(last, filters, 3, padding=1), nn.ReLU(inplace=True)]
                last = filters
            else:
                layers.append(nn.MaxPool2d(2))
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(2048, 512), nn.ReLU(inplace=True), nn.Linear(512, 512),
                             nn.ReLU(inplace=True), nn.Linear(512, 10))

    return {"lenet": lenet, "cifar10": cifar10, "squeezenet": squeezenet, "squeezenet16": squeezenet, "vgg": vgg}


def timed(f, seconds, least):
    """The median milliseconds of a call; a quarter of the time is for warming up."""
    end = time.perf_counter() + seconds / 4
    f()
    while time.perf_counter() < end:
        f()
    times, end = [], end + seconds
    while len(times) < least or time.perf_counter() < end:
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3
