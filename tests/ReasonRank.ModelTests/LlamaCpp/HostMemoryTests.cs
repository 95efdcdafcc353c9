using ReasonRank.LlamaCpp;

namespace ReasonRank.ModelTests.LlamaCpp;

public sealed class HostMemoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("reasonrank-test-").FullName;

    [Fact]
    public void Without_control_groups_MemAvailable_counts()
    {
        Write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:          100000 kB\nMemAvailable:    8000000 kB\n");

        Assert.Equal(new HostMemory(8_000_000L * 1024, "MemAvailable"), HostMemory.Read(_root));
    }

    [Fact]
    public void The_tightest_group_counts_and_cached_files_are_free()
    {
        Write("proc/meminfo", "MemAvailable:    8000000 kB\n");
        Write("proc/self/cgroup", "0::/pod/container\n");
        Write("sys/fs/cgroup/pod/container/memory.max", "max\n");
        Write("sys/fs/cgroup/pod/memory.max", "1000000\n");
        Write("sys/fs/cgroup/pod/memory.current", "700000\n");
        Write("sys/fs/cgroup/pod/memory.stat", "anon 100000\ninactive_file 300000\nactive_file 200000\n");

        Assert.Equal(new HostMemory(800_000, "cgroup memory.max"), HostMemory.Read(_root));
    }

    [Fact]
    public void The_first_version_of_control_groups_counts_too()
    {
        Write("proc/meminfo", "MemAvailable:    8000000 kB\n");
        Write("proc/self/cgroup", "7:cpu,cpuacct:/x\n4:memory:/x\n");
        Write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "500000\n");
        Write("sys/fs/cgroup/memory/x/memory.usage_in_bytes", "600000\n");

        Assert.Equal(new HostMemory(0, "cgroup memory.limit_in_bytes"), HostMemory.Read(_root));
    }

    [Fact]
    public void This_machine_has_some() => Assert.InRange(HostMemory.Read().FreeBytes, 1 << 20, 1L << 50);

    [Fact]
    public void Two_threads_of_one_core_count_once()
    {
        for (var cpu = 0; cpu < 4; cpu++)
        {
            Write($"sys/devices/system/cpu/cpu{cpu}/topology/physical_package_id", "0\n");
            Write($"sys/devices/system/cpu/cpu{cpu}/topology/core_id", "0\n");
        }

        Assert.Equal(1, PhysicalCores.Count(_root));
        Assert.InRange(PhysicalCores.Count(), 1, Environment.ProcessorCount);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
