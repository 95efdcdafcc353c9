// llama.cpp has one log for the process: what one test loads would be written into what another reads.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
