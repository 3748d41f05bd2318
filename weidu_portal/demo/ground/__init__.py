"""The sample's ground (示例): as many grids, courtyards, committees, companies as reported, made up in detail."""
